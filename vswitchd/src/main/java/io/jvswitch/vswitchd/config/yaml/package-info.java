/**
 * Configuration files and requests in YAML: their keys, the values that they take, and the place of each error. Makes a
 * plan of them; the only package that knows YAML.
 */
@NullMarked
package io.jvswitch.vswitchd.config.yaml;

import org.jspecify.annotations.NullMarked;
