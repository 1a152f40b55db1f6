package org.jtorch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.CallbackFailures;
import org.jtorch.internal.Engine;

/** What every op shares: arguments into the engine's forms, results out of them, failures translated, recorders told. */
final class Ops {

    /** Whether any recorder listens; read by every op, so a plain field. */
    static boolean tapped;

    private static final TensorOptional NO_TENSOR;
    private static final ScalarOptional NO_SCALAR;
    private static final ScalarTypeOptional NO_DTYPE;
    private static final LongOptional NO_LONG;
    private static final DoubleOptional NO_DOUBLE;
    private static final GeneratorOptional NO_GENERATOR;
    private static final MemoryFormatOptional NO_MEMORY_FORMAT;

    static {
        Engine.load();
        NO_TENSOR = new TensorOptional();
        NO_SCALAR = new ScalarOptional();
        NO_DTYPE = new ScalarTypeOptional();
        NO_LONG = new LongOptional();
        NO_DOUBLE = new DoubleOptional();
        NO_GENERATOR = new GeneratorOptional();
        NO_MEMORY_FORMAT = new MemoryFormatOptional();
    }

    private Ops() {}

    /** Makes sure the engine is there. */
    static void load() {
        // the work is the static initialiser's
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    static org.bytedeco.pytorch.Tensor in(Tensor tensor) {
        return tensor.handle();
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? NO_TENSOR : tensor.optionalHandle();
    }

    static TensorVector vector(List<? extends Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(tensor.handle());
        }
        return vector;
    }

    static Scalar scalar(Number value) {
        return Scalars.of(value);
    }

    static ScalarOptional scalarOptional(@Nullable Number value) {
        return value == null ? NO_SCALAR : new ScalarOptional(scalar(value));
    }

    static LongOptional longOptional(@Nullable Long value) {
        return value == null ? NO_LONG : new LongOptional(value);
    }

    static DoubleOptional doubleOptional(@Nullable Double value) {
        return value == null ? NO_DOUBLE : new DoubleOptional(value);
    }

    static ScalarType scalarType(DType dtype) {
        return dtype.scalarType;
    }

    static ScalarTypeOptional scalarTypeOptional(@Nullable DType dtype) {
        return dtype == null ? NO_DTYPE : dtype.optional();
    }

    static org.bytedeco.pytorch.global.torch.MemoryFormat memoryFormat(MemoryFormat format) {
        return format.handle;
    }

    static MemoryFormatOptional memoryFormatOptional(@Nullable MemoryFormat format) {
        return format == null ? NO_MEMORY_FORMAT : format.optional();
    }

    static GeneratorOptional generatorOptional(@Nullable Generator generator) {
        return generator == null ? NO_GENERATOR : generator.optional();
    }

    static org.bytedeco.pytorch.TensorOptions options(TensorOptions options) {
        return options.handle();
    }

    // --- results -----------------------------------------------------------------------------------------------

    /** A fresh result: the current scope owns it, or else the collector, which is told its size. */
    static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        Tensor tensor = new Tensor(handle);
        TensorScope scope = TensorScope.current();
        if (scope == null) {
            NativeMemory.track(tensor, handle.nbytes());
        } else {
            scope.add(tensor);
        }
        return tensor;
    }

    /** A result that shares another tensor's storage, so that its bytes are not counted again. */
    static Tensor ownView(org.bytedeco.pytorch.Tensor handle) {
        Tensor tensor = new Tensor(handle);
        TensorScope scope = TensorScope.current();
        if (scope == null) {
            NativeMemory.track(tensor, 0);
        } else {
            scope.add(tensor);
        }
        return tensor;
    }

    static ValuesIndices valuesIndices(T_TensorTensor_T pair) {
        try (pair) {
            return new ValuesIndices(
                    own(new org.bytedeco.pytorch.Tensor(pair.get0())), own(new org.bytedeco.pytorch.Tensor(pair.get1())));
        }
    }

    static List<Tensor> list(TensorVector vector) {
        try (vector) {
            int size = Math.toIntExact(vector.size());
            List<Tensor> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                list.add(own(new org.bytedeco.pytorch.Tensor(vector.get(i))));
            }
            return list;
        }
    }

    // --- failures and recorders --------------------------------------------------------------------------------

    /** What to throw for {@code e}: the engine's own failures (plain RuntimeExceptions) become TorchExceptions. */
    static RuntimeException failure(String operator, RuntimeException e) {
        if (e.getClass() != RuntimeException.class) {
            return e;
        }
        String message = Engine.message(e);
        TorchException callback = CallbackFailures.take(message);
        return callback != null ? callback : new TorchException(message.isEmpty() ? operator + " failed" : message, e);
    }

    static void tap(String operator, @Nullable Object result, @Nullable Object... arguments) {
        OpRecorder.publish(operator, Arrays.asList(arguments), result);
    }
}
