package org.jtorch.nn.internal.modules;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The steps of estimating the greatest singular value of a matrix. */
public final class PowerIteration {

    private PowerIteration() {}

    /**
     * Returns the dimension of the outputs in a layer's weight: the first, or the second for a transposed convolution.
     *
     * @param dim the requested dimension, or null
     */
    public static long outputDim(@Nullable Integer dim, boolean transposed) {
        return dim != null ? dim : transposed ? 1 : 0;
    }

    /** Returns a weight as a matrix, (size of dim, the rest). */
    public static Tensor matrix(Tensor weight, long dim) {
        int dims = weight.dim();
        Tensor front = weight;
        if (dim != 0) {
            long[] order = new long[dims];
            order[0] = dim;
            for (int d = 0, next = 1; d < dims; d++) {
                if (d != dim) {
                    order[next++] = d;
                }
            }
            front = weight.permute(order);
        }
        return front.reshape(front.size(0), -1);
    }

    /** Returns a vector scaled to length 1, or divided by eps if it is shorter than eps. */
    public static Tensor normalize(Tensor vector, double eps) {
        return vector.div(vector.norm(2, new long[] {0}, true).clampMin(eps).expandAs(vector));
    }

    /** Returns a random vector of length 1 with the dtype and on the device of the weight. */
    public static Tensor randomUnit(Tensor weight, long size, double eps) {
        return normalize(weight.newEmpty(new long[] {size}).normal_(0, 1), eps);
    }

    /** Returns the vector v with {@code u = W v / |W v|} and {@code u^T W v = sigma}; if there are several, the shortest. */
    public static Tensor solveV(Tensor matrix, Tensor u, Tensor sigma) {
        Tensor transposed = matrix.t();
        Tensor v = transposed.mm(matrix).pinverse().mm(transposed).mv(u);
        return v.mul(sigma.div(u.dot(matrix.mv(v))));
    }

    /** Returns {@code weight / sigma}, where sigma is u^T W v. The vectors u and v may change afterwards. */
    public static Tensor normalized(Tensor weight, long dim, Tensor u, Tensor v) {
        Tensor left = u.clone();
        Tensor right = v.clone();
        return weight.div(left.vdot(matrix(weight, dim).mv(right)));
    }
}
