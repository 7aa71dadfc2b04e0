"""Every parser of what strangers send, fed by a fuzzer that is led by what the code does: `make fuzz`."""
