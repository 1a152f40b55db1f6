package org.jtorch.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.distributed.DistributedException;
import org.jtorch.distributed.launch.LaunchException;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleCallException;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.serialize.format.UnknownClassException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every exception of the library can be sent to another process, as application servers and Spark do. */
class ExceptionsTest {

    private static final Map<String, Supplier<Throwable>> MADE = new LinkedHashMap<>();

    static {
        MADE.put(
                ModuleCallException.class.getName(),
                () -> assertThrows(ModuleCallException.class, () -> new Outer().call(Torch.ones(2, 9))));
        MADE.put(
                StateDictException.class.getName(),
                () -> assertThrows(StateDictException.class, () -> new Linear(4, 3)
                        .loadStateDict(Map.of("weight", Torch.ones(5, 4)))));
        MADE.put(
                DistributedException.class.getName(),
                () -> new DistributedException(
                        "rank 1 has ended", List.of(1), new TorchException("Connection closed")));
        MADE.put(
                LaunchException.class.getName(),
                () -> new LaunchException("rank 1 failed", 1, 137, List.of("its last line"), null));
        MADE.put(
                UnknownClassException.class.getName(),
                () -> new UnknownClassException(Map.of("argparse.Namespace", List.of("args", "more.args"))));
    }

    private static final class Outer extends Module<Tensor, Tensor> {
        final Sequential body = new Sequential(new Linear(9, 4), new Linear(3, 2));

        @Override
        protected Tensor forward(Tensor x) {
            return body.call(x);
        }
    }

    @TestFactory
    List<DynamicTest> survivesSerialization() {
        List<DynamicTest> tests = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.jtorch").stream()
                        .filter(c -> c.isAssignableTo(Throwable.class))
                        .map(JavaClass::reflect)
                        .map(c -> DynamicTest.dynamicTest(c.getName(), () -> {
                            Supplier<Throwable> made = MADE.get(c.getName());
                            check(made == null ? make(c) : made.get());
                        }))
                        .toList();
        assertTrue(tests.size() >= 7, () -> "exceptions: " + tests.size());
        return tests;
    }

    @Test
    void aModuleCallExceptionKeepsItsPath() throws Exception {
        ModuleCallException copy = (ModuleCallException)
                copyOf(MADE.get(ModuleCallException.class.getName()).get());
        assertEquals("body.1", copy.modulePath());
        assertTrue(copy.getMessage().startsWith("in body.1 (Linear): "), copy.getMessage());
    }

    private static void check(Throwable thrown) throws Exception {
        Throwable copy = copyOf(thrown);
        assertEquals(thrown.getClass(), copy.getClass());
        assertEquals(thrown.getMessage(), copy.getMessage());
        assertEquals(String.valueOf(thrown.getCause()), String.valueOf(copy.getCause()));
        for (Method method : thrown.getClass().getDeclaredMethods()) {
            boolean tells = !method.getName().equals("fillInStackTrace");
            if (tells && Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0) {
                method.setAccessible(true);
                assertEquals(method.invoke(thrown), method.invoke(copy), method.getName());
            }
        }
    }

    private static Throwable copyOf(Throwable thrown) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Throwable) in.readObject();
        }
    }

    /** Creates an exception whose arguments are strings, numbers and other exceptions. */
    private static Throwable make(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                .map(ExceptionsTest::argument)
                .toArray();
        return (Throwable) constructor.newInstance(arguments);
    }

    private static Object argument(Class<?> type) {
        if (type == long.class) {
            return 7L;
        }
        if (type == int.class) {
            return 7;
        }
        if (type.isAssignableFrom(String.class)) {
            return "a text";
        }
        if (type.isAssignableFrom(TorchException.class)) {
            return new TorchException("the cause");
        }
        throw new AssertionError("an exception with an argument of " + type + ": make one above");
    }
}
