package org.jtorch.internal.engine;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The directory into which JavaCPP unpacks the native libraries. This class protects it against processes that are killed
 * while they unpack, and against several processes that start at the same time.
 *
 * <p>JavaCPP compares the size and the date of a library before it loads it by its name, and unpacks it again if they
 * differ. But a library may be loaded earlier, because another library needs it. If it is truncated, or another process is
 * still writing it, the process crashes. Therefore everything is compared before anything is loaded, and a process that
 * unpacks holds a lock until the last library is complete. JavaCPP writes a new file in place of a damaged one, so a
 * process that uses the old file keeps it.
 */
final class NativesCache {

    /** A file next to the libraries of libtorch, created after all of them were unpacked and loaded. */
    private static final String COMPLETE = ".jtorch-complete";

    private static final String LOCK = ".jtorch-lock";

    private NativesCache() {}

    /**
     * Makes sure that all libraries are unpacked completely.
     *
     * @param libraries the resources of one library of each artifact, libtorch's last; those that do not exist are ignored
     */
    static void fill(List<String> libraries) throws IOException {
        // a process has only one lock on a file; JavaCPP uses the same monitor for its threads and class loaders
        synchronized (Runtime.getRuntime()) {
            try (FileChannel channel = FileChannel.open(
                            Loader.getCacheDir().toPath().resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Path complete = null;
                for (String library : libraries) {
                    URL url = resource(library);
                    // libraries in a directory of the class path are loaded from there
                    if (url != null && !url.getProtocol().equals("file")) {
                        File directory = Loader.cacheResource(url).getParentFile();
                        mend(directory, library.substring(0, library.lastIndexOf('/') + 1));
                        complete = directory.toPath().resolve(COMPLETE);
                    }
                }
                if (complete != null && !Files.exists(complete)) {
                    Loader.load(torch.class);
                    Files.createFile(complete);
                }
            }
        }
    }

    /** Unpacks libraries again whose size or date differs from the resource of the same name. */
    private static void mend(File directory, String resources) throws IOException {
        File[] files = directory.listFiles();
        for (File file : files == null ? new File[0] : files) {
            URL source = resource(resources + file.getName());
            if (source != null && !Files.isSymbolicLink(file.toPath())) {
                Loader.cacheResource(source);
            }
        }
    }

    private static @Nullable URL resource(String name) {
        return NativesCache.class.getResource("/" + name);
    }
}
