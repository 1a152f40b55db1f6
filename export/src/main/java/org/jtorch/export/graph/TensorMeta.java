package org.jtorch.export.graph;

import java.util.List;

/**
 * What is known of a tensor.
 *
 * @param dtype the number of the dtype in the schema
 * @param sizes the sizes
 * @param requiresGrad whether it requires a gradient
 * @param device the device
 * @param strides the strides
 * @param storageOffset the offset of its first element in its storage
 * @param layout the number of the layout in the schema
 */
public record TensorMeta(
        int dtype,
        List<SymInt> sizes,
        boolean requiresGrad,
        DeviceName device,
        List<SymInt> strides,
        SymInt storageOffset,
        int layout) {

    /** Creates the description of a tensor. */
    public TensorMeta {
        sizes = List.copyOf(Fields.required(sizes, "sizes of a tensor"));
        Fields.required(device, "device of a tensor");
        strides = List.copyOf(Fields.required(strides, "strides of a tensor"));
        Fields.required(storageOffset, "storage offset of a tensor");
    }
}
