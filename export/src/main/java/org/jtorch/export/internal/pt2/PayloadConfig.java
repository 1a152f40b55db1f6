package org.jtorch.export.internal.pt2;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.TensorMeta;

/**
 * Where the weights or constants of a program are.
 *
 * @param config the entry of each one, by its name in the program
 */
record PayloadConfig(Map<String, Payload> config) {

    PayloadConfig {
        if (config == null) {
            throw new IllegalArgumentException("the list of weights is missing");
        }
    }

    /**
     * One tensor or object.
     *
     * @param pathName the name of the entry in the archive's folder
     * @param isParam whether it is a parameter
     * @param usePickle whether the entry is a pickle rather than the bytes of the elements
     * @param tensorMeta the shape and type; null for an object
     */
    record Payload(
            String pathName,
            boolean isParam,
            boolean usePickle,
            @Nullable TensorMeta tensorMeta) {

        Payload {
            if (pathName == null) {
                throw new IllegalArgumentException("the path of a weight is missing");
            }
        }
    }
}
