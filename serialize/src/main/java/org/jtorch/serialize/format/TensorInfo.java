package org.jtorch.serialize.format;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;

/** A tensor as a file describes it: what it is, and where its elements are, which were not read. */
public interface TensorInfo {

    /** The type of its elements; {@link DType#BITS8} for one that is not {@linkplain #isLoadable loadable}. */
    DType dtype();

    /**
     * The name of its elements' type: PyTorch's, {@code torch.float32}, or what the file calls one that PyTorch does not have,
     * {@code F6_E2M3}.
     */
    String typeName();

    /**
     * Whether PyTorch has a tensor of this kind. One that is not so is listed with its shape and its bytes; it stays as this
     * description among the values that are loaded with others, and asking for it by its key is an error.
     */
    boolean isLoadable();

    /**
     * Its shape as the file counts it, a fresh array. The tensors of {@link DType#FLOAT4_E2M1FN_X2} in a safetensors file count
     * single numbers; loaded, each element holds two, and the last size is half of this.
     */
    long[] shape();

    /** Steps between neighbours in elements, a fresh array; empty for a sparse tensor. */
    long[] strides();

    /** Where its first element is in its storage, in elements. */
    long storageOffset();

    /** How its elements lie. */
    Layout layout();

    /** Whether it was saved as one that requires grad. */
    boolean requiresGrad();

    /** Whether it is a {@code torch.nn.Parameter}. */
    boolean isParameter();

    /** Whether it is a parameter or buffer of a lazy module that has no shape yet; {@link #shape} is {@code [0]} then. */
    boolean isUninitialized();

    /** How many elements it has. */
    long numel();

    /** How many bytes its elements take; of a sparse tensor, its indices and values. */
    long nbytes();

    /** Where it was when it was saved, as PyTorch says it: {@code "cpu"}, {@code "cuda:0"}, {@code "meta"}. */
    String location();

    /** The name of its storage in the file, which tensors that share memory have in common; null if it has none. */
    @Nullable
    String storageKey();
}
