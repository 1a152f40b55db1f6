package org.jtorch.nn;

/**
 * Something of a module under its dotted name.
 *
 * @param name the path from the module that was asked, {@code encoder.0.weight}; empty for that module itself
 * @param value what stands there
 * @param <T> a parameter, a buffer, a module
 */
public record Named<T>(String name, T value) {}
