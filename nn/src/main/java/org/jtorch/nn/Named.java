package org.jtorch.nn;

/**
 * A member of a module with its dotted name.
 *
 * @param name the path from the module that was asked, such as {@code encoder.0.weight}; empty for that module itself
 * @param value the member
 * @param <T> the type of the member: a parameter, a buffer or a module
 */
public record Named<T>(String name, T value) {}
