package org.jtorch.nn.utils.prune;

import java.util.stream.LongStream;
import org.jtorch.Tensor;

/** Prunes the channels with the least n-norm. */
public final class LnStructured extends StructuredPruning {

    private final Object n;

    /** Creates a method that prunes the channels with the least norm along the last dimension. */
    public LnStructured(Number amount, Number n) {
        this(amount, n, -1);
    }

    /**
     * Creates a method that prunes the channels with the least norm.
     *
     * @param amount a fraction in [0, 1] (a float or double), or a number of channels (an integer)
     * @param n the exponent of the norm, which may be infinite
     * @param dim the dimension of the channels
     */
    public LnStructured(Number amount, Number n, long dim) {
        super(amount, dim);
        this.n = n;
    }

    /**
     * Creates a method that prunes the channels with the least norm.
     *
     * @param amount a fraction in [0, 1] (a float or double), or a number of channels (an integer)
     * @param n {@code "fro"} or {@code "nuc"}
     * @param dim the dimension of the channels
     */
    public LnStructured(Number amount, String n, long dim) {
        super(amount, dim);
        this.n = n;
    }

    @Override
    Tensor kept(Tensor t, long channels, long count) {
        return norm(t).topk(channels - count).indices();
    }

    /** Returns the norm of each channel. */
    private Tensor norm(Tensor t) {
        long channel = dim < 0 ? dim + t.dim() : dim;
        long[] others = LongStream.range(0, t.dim()).filter(d -> d != channel).toArray();
        if (n instanceof Number p) {
            return t.linalgVectorNorm(p, others);
        }
        if (n.equals("nuc") || others.length == 2) {
            return t.linalgMatrixNorm((String) n, others.length == 2 ? others : new long[] {-2, -1});
        }
        return t.linalgVectorNorm(2, others);
    }
}
