"""A count as pages write it: {{ cells|counted }} in a sentence, {{ line.total|thousands }} in a table."""

from django import template

from cells import wording

register = template.Library()
register.filter("counted", wording.two_digits)
register.filter("thousands", wording.thousands)
