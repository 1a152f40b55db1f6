package org.jtorch.optim.lrscheduler;

/** How a value changes from a start to an end. */
public enum AnnealStrategy {
    /** On half a cosine: slowly at both ends. */
    COS,
    /** Evenly. */
    LINEAR;

    /** Returns the value at a part of the way, 0 at the start and 1 at the end. */
    double between(double start, double end, double part) {
        return this == COS ? end + (start - end) / 2.0 * (Math.cos(Math.PI * part) + 1) : (end - start) * part + start;
    }

    /** Returns the part of the change that is done at a part of the way, from 0 to 1. */
    double done(double part) {
        return this == COS ? (1 - Math.cos(Math.PI * part)) / 2 : part;
    }
}
