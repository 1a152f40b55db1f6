package org.jtorch.nn;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@code Tensor} field of a {@link Module} as a buffer: state that is no parameter, moves with the module, and is
 * saved unless {@link #persistent} is false.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Buffer {

    /** Whether the buffer is part of the state dict. */
    boolean persistent() default true;
}
