package org.jtorch.serialize.internal.file;

import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;

/** The allowed size of inflated bytes. */
public final class Inflation {

    private Inflation() {}

    /** Returns the number of bytes to which a file of {@code bytes} bytes may inflate. */
    public static long allowed(Limits limits, long bytes) {
        long product =
                bytes > Long.MAX_VALUE / limits.inflationRatio() ? Long.MAX_VALUE : bytes * limits.inflationRatio();
        return product > Long.MAX_VALUE - limits.inflatedBytes() ? Long.MAX_VALUE : product + limits.inflatedBytes();
    }

    public static CheckpointException refused(String what) {
        return new CheckpointException(what + " inflate to more than is usual; if the file is trusted, raise the limit"
                + " inflatedBytes, or pack it without compression (zip -0)");
    }
}
