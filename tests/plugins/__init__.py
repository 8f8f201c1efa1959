"""Tests of the plugins that come with cocycle, as strangers would meet them."""
