package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.OperatorSchema;
import org.jtorch.Tensor;

/** What one run of a module did: the operators that ran, on tensors that have numbers. */
final class Trace {

    /** A tensor, by its number. */
    record Ref(int number) {}

    /** Stands for an argument that was left out. */
    static final Object LEFT_OUT = new Object();

    /** What is known of a tensor. */
    record Info(
            DType dtype,
            long[] sizes,
            long[] strides,
            long offset,
            boolean requiresGrad,
            Device device,
            Layout layout) {

        /** Returns the same with a gradient if there can be one. */
        Info differentiable() {
            boolean possible = dtype.isFloatingPoint() || dtype.isComplex();
            return new Info(dtype, sizes, strides, offset, possible || requiresGrad, device, layout);
        }

        static Info of(Tensor tensor) {
            boolean dense = tensor.layout() == Layout.STRIDED;
            return new Info(
                    tensor.dtype(),
                    tensor.shape(),
                    dense ? tensor.strides() : new long[0],
                    dense ? tensor.storageOffset() : 0,
                    tensor.requiresGrad(),
                    tensor.device(),
                    tensor.layout());
        }
    }

    /**
     * An operator that ran.
     *
     * @param arguments the arguments in the order of the schema, tensors as {@link Ref}
     * @param results the results in the order of the schema, each a {@link Ref} or a list of them
     * @param recorded the number of the recorded operation; -1 if it was inserted
     * @param path the path of the module that ran it
     */
    record Call(
            OperatorSchema schema,
            List<@Nullable Object> arguments,
            List<@Nullable Object> results,
            int recorded,
            String path) {}

    /** A tensor that was neither passed nor computed. */
    record Constant(Ref ref, Tensor value) {}

    final List<Call> calls = new ArrayList<>();
    final List<Info> infos = new ArrayList<>();
    final List<Constant> constants = new ArrayList<>();

    /** The number of recorded operations. */
    int recorded;

    /** The output as lists and maps, tensors as {@link Ref}. */
    @Nullable
    Object output;

    Ref add(Info info) {
        infos.add(info);
        return new Ref(infos.size() - 1);
    }

    Info info(Ref ref) {
        return infos.get(ref.number());
    }
}
