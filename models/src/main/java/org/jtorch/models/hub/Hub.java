package org.jtorch.models.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Downloads models from the Hugging Face Hub into the cache that Python's libraries use too.
 *
 * <pre>{@code
 * Path folder = Hub.download("sentence-transformers/all-MiniLM-L6-v2");
 * }</pre>
 *
 * <p>Files that are there are not downloaded again. A download that breaks off is continued. The content of each file is compared with
 * its size and its hash.
 */
public final class Hub {

    private static final Set<String> WEIGHTS = Set.of("safetensors", "bin");

    private static final Set<String> OTHER_FILES = Set.of("json", "txt", "model", "jinja");

    private Hub() {}

    /** Downloads the branch {@code main} of a model; see {@link #download(String, String, Consumer)}. */
    public static Path download(String repository) {
        return download(repository, "main", o -> {});
    }

    /** Downloads a revision of a model with the default options; see {@link #download(String, String, Consumer)}. */
    public static Path download(String repository, String revision) {
        return download(repository, revision, o -> {});
    }

    /**
     * Downloads a model.
     *
     * @param repository its name, such as {@code google-bert/bert-base-uncased}
     * @param revision a branch, a tag, or the hash of a commit
     * @param options sets the optional arguments
     * @return the folder with its files, which must not be changed
     * @throws IllegalArgumentException if the name is not that of a repository
     * @throws HubException if the model or the revision does not exist, if it needs a token, if the connection fails again and again,
     *     or if it is not in the cache and offline
     */
    public static Path download(String repository, String revision, Consumer<? super HubOptions> options) {
        if (!isName(repository)) {
            throw new IllegalArgumentException(
                    "'" + repository + "' is not the name of a model, such as" + " google-bert/bert-base-uncased");
        }
        HubOptions chosen = new HubOptions();
        options.accept(chosen);
        HubCache cache = new HubCache(chosen.cache, repository);
        try {
            return chosen.offline ? cached(cache, repository, revision) : online(cache, chosen, repository, revision);
        } catch (IOException e) {
            throw new HubException("the model " + repository + " cannot be downloaded: " + reason(e, chosen), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(
                    "the download of the model " + repository + " was interrupted; it continues where it was", e);
        }
    }

    private static Path cached(HubCache cache, String repository, String revision) throws IOException {
        String commit = cache.commit(revision);
        if (commit == null || !Files.isDirectory(cache.snapshot(commit))) {
            throw new HubException("revision '" + revision + "' of the model " + repository
                    + " is not in the cache, and the Hub is not asked: unset HF_HUB_OFFLINE, or call offline(false)");
        }
        return cache.snapshot(commit);
    }

    private static Path online(HubCache cache, HubOptions options, String repository, String revision)
            throws IOException, InterruptedException {
        HubClient client = new HubClient(options, repository);
        HubClient.Revision remote = retried(options, () -> client.revision(revision));
        Predicate<String> wanted = options.files == null ? standard(remote.files()) : options.files;
        for (String name : remote.files()) {
            if (wanted.test(name) && !Files.exists(cache.file(remote.commit(), name))) {
                HubClient.RemoteFile file = retried(options, () -> client.file(remote.commit(), name));
                Path blob = cache.blob(file.hash());
                if (!Files.exists(blob)) {
                    new Download(client, options, name, file, blob).run();
                }
                cache.link(remote.commit(), name, blob);
            }
        }
        cache.commit(revision, remote.commit());
        return cache.snapshot(remote.commit());
    }

    private static String reason(IOException e, HubOptions options) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException
                ? "there is no connection to " + options.endpoint
                : String.valueOf(e.getMessage());
    }

    private interface Request<T> {
        T send() throws IOException, InterruptedException;
    }

    private static <T> T retried(HubOptions options, Request<T> request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send();
            } catch (IOException e) {
                if (attempt == options.attempts) {
                    throw e;
                }
                Thread.sleep(Math.min(5000, 100L << attempt));
            }
        }
    }

    /** Returns the files that this library reads. */
    private static Predicate<String> standard(List<String> files) {
        boolean safetensors = files.stream().anyMatch(name -> name.matches("model.*\\.safetensors"));
        return name -> {
            String extension = name.substring(name.lastIndexOf('.') + 1);
            // the modules of sentence-transformers have folders of their own, such as 2_Dense
            boolean wanted = !name.contains("/") || name.endsWith("/config.json") || name.matches("\\d+_\\w+/[^/]+");
            String file = name.substring(name.lastIndexOf('/') + 1);
            boolean weights = WEIGHTS.contains(extension)
                    && (file.matches("model.*\\.safetensors") || !safetensors && file.matches("pytorch_model.*\\.bin"));
            return wanted && (weights || OTHER_FILES.contains(extension));
        };
    }

    /** Returns the names of the models in the cache, in alphabetical order. */
    public static List<String> cached(Consumer<? super HubOptions> options) {
        HubOptions chosen = new HubOptions();
        options.accept(chosen);
        try {
            return HubCache.repositories(chosen.cache);
        } catch (IOException e) {
            throw new HubException("the cache in " + chosen.cache + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns whether a text has the form of the name of a model, such as {@code google-bert/bert-base-uncased}. */
    public static boolean isName(String text) {
        return text.matches("[\\w-][\\w.-]*(/[\\w.-]+)?") && !text.contains("..");
    }

    /** Returns the folder of a model in the cache, or null if it is not there. */
    public static @Nullable Path find(String repository, String revision, Consumer<? super HubOptions> options) {
        HubOptions chosen = new HubOptions();
        options.accept(chosen);
        try {
            HubCache cache = new HubCache(chosen.cache, repository);
            String commit = cache.commit(revision);
            return commit == null || !Files.isDirectory(cache.snapshot(commit)) ? null : cache.snapshot(commit);
        } catch (IOException e) {
            throw new HubException("the cache of the model " + repository + " cannot be read: " + e.getMessage(), e);
        }
    }
}
