"""Pure rules about people: names, fields, eligibility, likeness, promises."""
