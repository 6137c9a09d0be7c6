pytest_plugins = ["tests.strictness", "tests.browser", "tests.cast"]
