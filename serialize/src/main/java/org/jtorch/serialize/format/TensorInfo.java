package org.jtorch.serialize.format;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;

/** A tensor as a file describes it. Its elements were not read. */
public interface TensorInfo {

    /** Returns the type of the elements; {@link DType#BITS8} if the tensor is not {@linkplain #isLoadable loadable}. */
    DType dtype();

    /**
     * Returns the name of the type of the elements: PyTorch's, such as {@code torch.float32}, or that of the file, such as
     * {@code F6_E2M3}, if PyTorch does not have the type.
     */
    String typeName();

    /**
     * Returns whether PyTorch has tensors of this kind. A tensor that is not loadable is listed with its shape and its
     * bytes. Among loaded values it stays a description, and loading it by its key is an error.
     */
    boolean isLoadable();

    /**
     * Returns the shape in the file, in a new array. For tensors of {@link DType#FLOAT4_E2M1FN_X2}, a safetensors file
     * counts single numbers; after loading, each element is a pair, and the last size is half of the one here.
     */
    long[] shape();

    /** Returns the strides in elements, in a new array; empty for a sparse tensor. */
    long[] strides();

    /** Returns the index of the first element in its storage. */
    long storageOffset();

    /** Returns the layout of the elements. */
    Layout layout();

    /** Returns whether the tensor required grad when it was saved. */
    boolean requiresGrad();

    /** Returns whether the tensor is a {@code torch.nn.Parameter}. */
    boolean isParameter();

    /**
     * Returns whether the tensor is a parameter or buffer of a lazy module without a shape. {@link #shape} is {@code [0]}
     * then.
     */
    boolean isUninitialized();

    /** Returns the number of elements. */
    long numel();

    /** Returns the number of bytes of the elements; for a sparse tensor, of its indices and values. */
    long nbytes();

    /**
     * Returns the device on which the tensor was saved, in PyTorch's form: {@code "cpu"}, {@code "cuda:0"}, {@code "meta"}.
     */
    String location();

    /**
     * Returns the name of the storage in the file, which is the same for tensors that share memory, or null if there is
     * none.
     */
    @Nullable
    String storageKey();
}
