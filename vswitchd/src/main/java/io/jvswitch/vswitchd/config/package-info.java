/**
 * What the operator asked for: immutable specifications, and the reader that makes them of a YAML file and reports
 * every error at once with its line and column.
 */
@NullMarked
package io.jvswitch.vswitchd.config;

import org.jspecify.annotations.NullMarked;
