package org.jtorch.serialize;

/** How much deflated bytes may inflate to. */
final class Inflation {

    private Inflation() {}

    /** What a file of {@code bytes} bytes may inflate to in all. */
    static long allowed(Limits limits, long bytes) {
        long product =
                bytes > Long.MAX_VALUE / limits.inflationRatio() ? Long.MAX_VALUE : bytes * limits.inflationRatio();
        return product > Long.MAX_VALUE - limits.inflatedBytes() ? Long.MAX_VALUE : product + limits.inflatedBytes();
    }

    static CheckpointException refused(String what) {
        return new CheckpointException(what + " inflate to more than is usual; if the file is trusted, raise the limit"
                + " inflatedBytes, or pack it without compression (zip -0)");
    }
}
