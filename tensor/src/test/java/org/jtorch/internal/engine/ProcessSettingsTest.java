package org.jtorch.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What docs/process-settings.md says is set, and that each switch works. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the environment is read through the C library")
class ProcessSettingsTest {

    @Test
    void byDefaultAllIsSet() throws Exception {
        assertEquals("10000 14 0 true true true true", settings(Map.of()));
    }

    @Test
    void theUsersValuesStay() throws Exception {
        assertEquals(
                "7 9 0 true true true true", settings(Map.of("GOMP_SPINCOUNT", "7", "OPENBLAS_THREAD_TIMEOUT", "9")));
        assertEquals("null 14 0 true true true true", settings(Map.of("OMP_WAIT_POLICY", "active")));
    }

    @Test
    void eachHasASwitch() throws Exception {
        assertEquals("null null 0 true true true true", settings(Map.of(), "-Djtorch.process.environment=false"));
        assertEquals("10000 14 null true true true true", settings(Map.of(), "-Djtorch.process.javacpp=false"));
        assertEquals("10000 14 0 false true true true", settings(Map.of(), "-Djtorch.process.gc=false"));
        assertEquals("10000 14 0 true false true true", settings(Map.of(), "-Djtorch.process.sparse=false"));
        assertEquals("10000 14 0 true true false true", settings(Map.of(), "-Djtorch.process.cores=false"));
        assertEquals("10000 14 0 true true true false", settings(Map.of(), "-Djtorch.process.load=false"));
    }

    private static String settings(Map<String, String> environment, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeAll(List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return text.strip();
    }

    /** Prints what is set after the engine has started. */
    static final class Program {

        public static void main(String[] args) {
            Torch.ones(1);
            System.out.println(getenv("GOMP_SPINCOUNT") + " " + getenv("OPENBLAS_THREAD_TIMEOUT") + " "
                    + System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") + " "
                    + ProcessSettings.collectsGarbage() + " "
                    + org.bytedeco.pytorch.global.torch.globalContext().checkSparseTensorInvariants() + " "
                    + ProcessSettings.sharesCores() + " " + ProcessSettings.observesLoad());
        }

        /** Of the process as it is now; Java has a copy from its start. */
        private static String getenv(String name) {
            return Function.getFunction("c", "getenv").invokeString(new Object[] {name}, false);
        }
    }
}
