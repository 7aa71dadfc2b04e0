"""Who sits on a committee over dates: the list, a post given or handed over, a seat that ends."""
