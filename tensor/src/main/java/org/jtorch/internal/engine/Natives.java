package org.jtorch.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native libraries on the class path. If it does not contain those of exactly one build of libtorch for this
 * machine, the error says which dependency to add or to remove.
 *
 * <p>Failures are {@link UnsatisfiedLinkError}s. The initializer of the class that first needed the engine passes such an
 * error on unchanged, and the JVM repeats its message at every later use.
 */
final class Natives {

    /** The supported platforms, and the file name of a library on each of them. */
    private static final Map<String, String> PLATFORMS = new LinkedHashMap<>();

    static {
        PLATFORMS.put("linux-x86_64", "lib%s.so");
        PLATFORMS.put("macosx-arm64", "lib%s.dylib");
        PLATFORMS.put("windows-x86_64", "%s.dll");
    }

    private Natives() {}

    /** Loads the native libraries, and unpacks them if that was not done before. */
    static void load() {
        String platform = Loader.getPlatform();
        if (!PLATFORMS.containsKey(platform)) {
            throw new UnsatisfiedLinkError("There are no native libraries for " + platform + ": jtorch runs on "
                    + String.join(", ", PLATFORMS.keySet()) + ".");
        }
        Predicate<String> onClassPath = name -> Natives.class.getResource("/" + name) != null;
        if (has(platform, "", onClassPath) && has(platform, "-gpu", onClassPath)) {
            throw new UnsatisfiedLinkError(twoBuilds(platform));
        }
        try (UnpackingProgress progress = UnpackingProgress.start()) {
            NativesCache.fill(List.of(
                    resource("javacpp", platform, "", "jnijavacpp"),
                    resource("openblas", platform, "", "jniopenblas"),
                    resource("pytorch", platform, "", "jnitorch"),
                    resource("pytorch", platform, "-gpu", "jnitorch")));
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            String advice =
                    advice(platform, onClassPath, Natives.class.getModule().isNamed());
            if (advice == null) {
                throw e;
            }
            throw because(advice, e);
        } catch (IOException e) {
            throw because(
                    "The native libraries could not be unpacked: " + e
                            + ". They need some 470 MB in the directory that the"
                            + " system property org.bytedeco.javacpp.cachedir names, which is ~/.javacpp/cache if it is not"
                            + " set.",
                    e);
        }
    }

    private static UnsatisfiedLinkError because(String advice, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(advice);
        error.initCause(cause);
        return error;
    }

    private static String twoBuilds(String platform) {
        return "The class path contains the native libraries for " + platform
                + " twice: those for the CPU and those with CUDA."
                + " Keep one of the two dependencies: remove " + dependency("cuda-" + platform) + ", or remove "
                + dependency(platform) + " (" + dependency("") + " includes it, too).";
    }

    /**
     * Returns the remedy after the native libraries could not be loaded.
     *
     * @param onClassPath whether there is a resource of this name
     * @param modular whether jtorch is on the module path
     * @return null if the native libraries of this platform are complete, so that the reason is another
     */
    static @Nullable String advice(String platform, Predicate<String> onClassPath, boolean modular) {
        boolean cuda = has(platform, "-gpu", onClassPath);
        List<String> missing = new ArrayList<>();
        if (!onClassPath.test(resource("javacpp", platform, "", "jnijavacpp"))) {
            missing.add("JavaCPP");
        }
        if (!onClassPath.test(resource("openblas", platform, "", "jniopenblas"))) {
            missing.add("OpenBLAS");
        }
        if (!cuda && !has(platform, "", onClassPath)) {
            missing.add("libtorch");
        }
        if (missing.isEmpty()) {
            return cuda
                    ? "The native libraries with CUDA could not be loaded. They need NVIDIA's driver, CUDA 13.1 and cuDNN 9 on this"
                            + " machine; the cause names what was not found. To run on the CPU, depend on "
                            + dependency(platform) + " instead of " + dependency("cuda-" + platform) + "."
                    : null;
        }
        StringBuilder text = new StringBuilder("The native libraries for " + platform + " are not on the class path: "
                + String.join(", ", missing) + " not found");
        PLATFORMS.keySet().stream()
                .filter(other -> !other.equals(platform) && has(other, "", onClassPath))
                .forEach(other -> text.append(", but those for ").append(other));
        text.append(". Add the dependency ").append(dependency((cuda ? "cuda-" : "") + platform));
        if (!cuda) {
            text.append(", or ").append(dependency("")).append(" for every platform");
        }
        text.append('.');
        if (modular) {
            text.append(" If it is on the module path already, start Java with --add-modules ALL-MODULE-PATH.");
        }
        return text.toString();
    }

    private static boolean has(String platform, String extension, Predicate<String> onClassPath) {
        return onClassPath.test(resource("pytorch", platform, extension, "jnitorch"));
    }

    private static String resource(String artifact, String platform, String extension, String library) {
        return "org/bytedeco/" + artifact + "/" + platform + extension + "/"
                + String.format(PLATFORMS.get(platform), library);
    }

    /**
     * Returns the coordinates of the artifact with the native libraries of a platform or, if it is empty, of all platforms.
     */
    private static String dependency(String platform) {
        String version = version();
        return "org.jtorch:jtorch-natives" + (platform.isEmpty() ? "" : "-" + platform)
                + (version == null ? "" : ":" + version);
    }

    /** Returns the version of jtorch, or null if it does not run from a jar. */
    private static @Nullable String version() {
        Properties properties = new Properties();
        try (InputStream in =
                Natives.class.getResourceAsStream("/META-INF/maven/org.jtorch/jtorch-tensor/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return null; // the advice is also correct without a version
        }
        return properties.getProperty("version");
    }
}
