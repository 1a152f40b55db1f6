package org.jtorch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Anomalies;
import org.jtorch.internal.engine.Engine;
import org.jtorch.internal.engine.EngineErrors;
import org.jtorch.internal.engine.Taps;

/** What all operations share: the conversion of arguments and results, the translation of failures, and the recorders. */
final class Ops {

    /** The engine's undefined tensor. */
    static final org.bytedeco.pytorch.Tensor UNDEFINED;

    private static final TensorOptional NO_TENSOR;
    private static final ScalarOptional NO_SCALAR;
    private static final ScalarTypeOptional NO_DTYPE;
    private static final LongOptional NO_LONG;
    private static final DoubleOptional NO_DOUBLE;
    private static final GeneratorOptional NO_GENERATOR;
    private static final MemoryFormatOptional NO_MEMORY_FORMAT;
    private static final StringViewOptional NO_STRING;

    /** An absent list of dimensions, for operations that distinguish it from an empty list. */
    static final LongArrayRefOptional NO_LONGS;

    private static final Map<String, Text> STRINGS = new ConcurrentHashMap<>();
    private static final Map<Device, org.bytedeco.pytorch.Device> DEVICES = new ConcurrentHashMap<>();

    static {
        EngineErrors.install(new TorchFailures());
        Engine.load();
        UNDEFINED = new org.bytedeco.pytorch.Tensor();
        NO_TENSOR = new TensorOptional();
        NO_SCALAR = new ScalarOptional();
        NO_DTYPE = new ScalarTypeOptional();
        NO_LONG = new LongOptional();
        NO_DOUBLE = new DoubleOptional();
        NO_GENERATOR = new GeneratorOptional();
        NO_MEMORY_FORMAT = new MemoryFormatOptional();
        NO_STRING = new StringViewOptional();
        NO_LONGS = new LongArrayRefOptional();
    }

    private Ops() {}

    /** Loads the engine. */
    static void load() {
        // the static initializer loads it
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    /** Refuses null, with which the engine would read from address zero. */
    static void require(@Nullable Object argument, String name) {
        if (argument == null) {
            throw new NullPointerException(name + " must not be null");
        }
    }

    static org.bytedeco.pytorch.Tensor in(Tensor tensor) {
        return tensor.handle();
    }

    static org.bytedeco.pytorch.@Nullable Tensor inOrNull(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.handle();
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? NO_TENSOR : tensor.optionalHandle();
    }

    static TensorVector vector(List<? extends Tensor> tensors) {
        TensorVector vector = new TensorVector();
        int index = 0;
        for (Tensor tensor : tensors) {
            if (tensor == null) {
                vector.close();
                throw new NullPointerException("the tensor at index " + index + " of the list must not be null");
            }
            vector.push_back(tensor.handle());
            index++;
        }
        return vector;
    }

    static Scalar scalar(Number value) {
        return Scalars.of(value);
    }

    static ScalarOptional scalarOptional(@Nullable Number value) {
        return value == null ? NO_SCALAR : new ScalarOptional(scalar(value));
    }

    /** Accepts any Number, so that callers can write 3 as well as null. A number that is not an integer is refused. */
    static LongOptional longOptional(@Nullable Number value) {
        if (value == null) {
            return NO_LONG;
        }
        if (value.doubleValue() != value.longValue()) {
            throw new IllegalArgumentException("expected an integer or null, not " + value);
        }
        return new LongOptional(value.longValue());
    }

    static DoubleOptional doubleOptional(@Nullable Number value) {
        return value == null ? NO_DOUBLE : new DoubleOptional(value.doubleValue());
    }

    static ScalarType scalarType(DType dtype) {
        return dtype.scalarType;
    }

    static ScalarTypeOptional scalarTypeOptional(@Nullable DType dtype) {
        return dtype == null ? NO_DTYPE : dtype.optional();
    }

    static StringViewOptional stringOptional(@Nullable String value) {
        return value == null ? NO_STRING : STRINGS.computeIfAbsent(value, Ops::view).optional;
    }

    /**
     * The engine's optional refers to characters that someone else must keep. They are never freed; there are only a few
     * modes.
     */
    private record Text(BytePointer characters, StringViewOptional optional) {}

    private static Text view(String value) {
        BytePointer characters = new BytePointer(value, StandardCharsets.UTF_8);
        return new Text(characters, new StringViewOptional(characters));
    }

    /** Returns the engine's form of a device, which is created once and never freed, since there are only a few. */
    static org.bytedeco.pytorch.Device device(Device device) {
        return DEVICES.computeIfAbsent(device, Device::handle);
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

    /** Returns a new result. The current scope owns it or, if there is none, the collector, with its size counted. */
    static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        Tensor tensor = new Tensor(handle);
        TensorScope scope = TensorScope.current();
        if (scope == null) {
            NativeMemory.track(tensor, bytes(handle));
        } else {
            scope.add(tensor);
        }
        return tensor;
    }

    /** The size from which a tensor is asked for its device: that is a native call, and small ones do not matter. */
    private static final long LARGE = 1 << 16;

    /** Returns the number of bytes of a tensor's elements, which is 0 on the meta device. */
    static long bytes(org.bytedeco.pytorch.Tensor handle) {
        try {
            long bytes = handle.nbytes();
            return bytes >= LARGE && handle.is_meta() ? 0 : bytes;
        } catch (RuntimeException e) {
            // sparse layouts throw, and the size of their values is used; asking first would cost a native call
            try (var values = handle.is_sparse() ? handle._values() : handle.values()) {
                return values.nbytes();
            }
        }
    }

    /** Returns a result that shares another tensor's storage, so that its bytes are not counted again. */
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
                    own(new org.bytedeco.pytorch.Tensor(pair.get0())),
                    own(new org.bytedeco.pytorch.Tensor(pair.get1())));
        }
    }

    /** Returns the results of operations called by name, which return handles of our own. */
    static ValuesIndices valuesIndices(List<org.bytedeco.pytorch.Tensor> pair) {
        return new ValuesIndices(own(pair.get(0)), own(pair.get(1)));
    }

    static List<Tensor> list(TensorVector vector) {
        return list(vector, false);
    }

    /** Returns results that share another tensor's storage. */
    static List<Tensor> viewList(TensorVector vector) {
        return list(vector, true);
    }

    private static List<Tensor> list(TensorVector vector, boolean views) {
        try (vector) {
            int size = Math.toIntExact(vector.size());
            List<Tensor> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                var handle = new org.bytedeco.pytorch.Tensor(vector.get(i));
                list.add(views ? ownView(handle) : own(handle));
            }
            return list;
        }
    }

    static List<Tensor> list(T_TensorTensor_T pair) {
        try (pair) {
            return list(List.of(
                    new org.bytedeco.pytorch.Tensor(pair.get0()), new org.bytedeco.pytorch.Tensor(pair.get1())));
        }
    }

    static List<Tensor> list(T_TensorTensorTensor_T three) {
        try (three) {
            return list(List.of(
                    new org.bytedeco.pytorch.Tensor(three.get0()),
                    new org.bytedeco.pytorch.Tensor(three.get1()),
                    new org.bytedeco.pytorch.Tensor(three.get2())));
        }
    }

    static List<Tensor> list(T_TensorTensorTensorTensor_T four) {
        try (four) {
            return list(List.of(
                    new org.bytedeco.pytorch.Tensor(four.get0()),
                    new org.bytedeco.pytorch.Tensor(four.get1()),
                    new org.bytedeco.pytorch.Tensor(four.get2()),
                    new org.bytedeco.pytorch.Tensor(four.get3())));
        }
    }

    static List<Tensor> list(List<org.bytedeco.pytorch.Tensor> handles) {
        List<Tensor> list = new ArrayList<>(handles.size());
        for (org.bytedeco.pytorch.Tensor handle : handles) {
            list.add(own(handle));
        }
        return list;
    }

    // --- failures and recorders --------------------------------------------------------------------------------

    /**
     * Returns the exception to throw for {@code e}. An error of the engine becomes a TorchException, see {@link
     * EngineErrors}.
     */
    static RuntimeException failure(String operator, RuntimeException e) {
        return EngineErrors.translate(operator, e);
    }

    /** Returns the handles of the tensors among these values, in lists or single. */
    private static List<org.bytedeco.pytorch.Tensor> handlesOf(@Nullable Object values) {
        List<?> list = values instanceof List<?> several
                ? several
                : values instanceof ValuesIndices pair ? List.of(pair.values()) : Collections.singletonList(values);
        List<org.bytedeco.pytorch.Tensor> handles = new ArrayList<>(list.size());
        for (Object value : list) {
            if (value instanceof Tensor tensor) {
                handles.add(tensor.handle());
            }
        }
        return handles;
    }

    /** Tells recorders that the values of {@code tensor} are about to be read. Every way to them begins here. */
    static void tapRead(Tensor tensor) {
        if (Taps.on) {
            OpRecorder.publishRead(tensor);
        }
    }

    static void tap(String operator, @Nullable Object result, @Nullable Object... arguments) {
        List<@Nullable Object> given = Arrays.asList(arguments);
        if (Anomalies.isActive()) {
            Anomalies.made(operator, handlesOf(result), handlesOf(given));
        }
        OpRecorder.publish(operator, given, result);
    }
}
