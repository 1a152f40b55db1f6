package org.jtorch;

import java.util.Locale;

/** The layout of a tensor's elements in memory. */
public enum Layout {
    /** Dense, addressed by strides; the default. */
    STRIDED,
    /** Coordinate lists. */
    SPARSE_COO,
    /** Compressed rows. */
    SPARSE_CSR,
    /** Compressed columns. */
    SPARSE_CSC,
    /** Compressed rows of blocks. */
    SPARSE_BSR,
    /** Compressed columns of blocks. */
    SPARSE_BSC,
    /** A layout of a library (oneDNN). */
    MKLDNN,
    /** A list of tensors with different shapes. */
    JAGGED;

    static Layout of(org.bytedeco.pytorch.global.torch.Layout layout) {
        return switch (layout.intern()) {
            case Strided -> STRIDED;
            case Sparse -> SPARSE_COO;
            case SparseCsr -> SPARSE_CSR;
            case SparseCsc -> SPARSE_CSC;
            case SparseBsr -> SPARSE_BSR;
            case SparseBsc -> SPARSE_BSC;
            case Mkldnn -> MKLDNN;
            case Jagged -> JAGGED;
            default -> throw new TorchException("jtorch does not know the engine's layout " + layout);
        };
    }

    /** Returns the engine's form. */
    org.bytedeco.pytorch.global.torch.Layout handle() {
        return switch (this) {
            case STRIDED -> org.bytedeco.pytorch.global.torch.Layout.Strided;
            case SPARSE_COO -> org.bytedeco.pytorch.global.torch.Layout.Sparse;
            case SPARSE_CSR -> org.bytedeco.pytorch.global.torch.Layout.SparseCsr;
            case SPARSE_CSC -> org.bytedeco.pytorch.global.torch.Layout.SparseCsc;
            case SPARSE_BSR -> org.bytedeco.pytorch.global.torch.Layout.SparseBsr;
            case SPARSE_BSC -> org.bytedeco.pytorch.global.torch.Layout.SparseBsc;
            case MKLDNN -> org.bytedeco.pytorch.global.torch.Layout.Mkldnn;
            case JAGGED -> org.bytedeco.pytorch.global.torch.Layout.Jagged;
        };
    }

    @Override
    public String toString() {
        return "torch." + (this == MKLDNN ? "_mkldnn" : name().toLowerCase(Locale.ROOT));
    }
}
