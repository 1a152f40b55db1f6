package org.jtorch.models.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The optional arguments of {@link Hub}. The defaults are those of Python's {@code huggingface_hub}, and follow the same environment
 * variables.
 */
public final class HubOptions {

    /** Is told how far a download is. It is called by the thread that downloads. */
    @FunctionalInterface
    public interface Progress {

        /**
         * Some bytes are there.
         *
         * @param file the name of the file in the repository
         * @param done the number of bytes that are there
         * @param total the size of the file in bytes
         */
        void update(String file, long done, long total);
    }

    URI endpoint = URI.create(environment("HF_ENDPOINT", "https://huggingface.co"));
    Path cache = HubCache.standard();

    @Nullable
    String token = HubCache.standardToken();

    boolean offline = isTrue(environment("HF_HUB_OFFLINE", "0"));

    @Nullable
    Predicate<String> files;

    Progress progress = (file, done, total) -> {};
    Duration timeout = Duration.ofSeconds(30);
    int attempts = 5;

    HubOptions() {}

    static String environment(String name, String standard) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? standard : value;
    }

    private static boolean isTrue(String value) {
        return value.equals("1")
                || value.equalsIgnoreCase("true")
                || value.equalsIgnoreCase("yes")
                || value.equalsIgnoreCase("on");
    }

    /** Sets the address of the Hub; the default is {@code HF_ENDPOINT}, or {@code https://huggingface.co}. */
    public HubOptions endpoint(URI newEndpoint) {
        endpoint = Objects.requireNonNull(newEndpoint);
        return this;
    }

    /**
     * Sets the folder of the cache, which Python's libraries share. The default is {@code HF_HUB_CACHE}, {@code HF_HOME/hub}, or
     * {@code .cache/huggingface/hub} in the home folder.
     */
    public HubOptions cache(Path newCache) {
        cache = Objects.requireNonNull(newCache);
        return this;
    }

    /**
     * Sets the token for private models; null for none. The default is {@code HF_TOKEN}, or the one that {@code hf auth login} has
     * written. It is sent to the host of the endpoint only.
     */
    public HubOptions token(@Nullable String newToken) {
        token = newToken;
        return this;
    }

    /** Sets whether only the cache is used; the default is {@code HF_HUB_OFFLINE}, or false. */
    public HubOptions offline(boolean newOffline) {
        offline = newOffline;
        return this;
    }

    /**
     * Sets which files of the repository are downloaded. The default are those that this library reads: configuration, tokenizer and
     * weights, of these only safetensors files if there are any.
     */
    public HubOptions files(Predicate<String> newFiles) {
        files = Objects.requireNonNull(newFiles);
        return this;
    }

    /** Sets what is told how far the download is. */
    public HubOptions progress(Progress newProgress) {
        progress = Objects.requireNonNull(newProgress);
        return this;
    }

    /** Sets how long to wait for an answer and for further bytes; the default is 30 seconds. */
    public HubOptions timeout(Duration newTimeout) {
        if (newTimeout.isNegative() || newTimeout.isZero()) {
            throw new IllegalArgumentException("the timeout is " + newTimeout + ", but it must be greater than 0");
        }
        timeout = newTimeout;
        return this;
    }

    /** Sets how often a request is made before it fails; the default is 5. */
    public HubOptions attempts(int newAttempts) {
        if (newAttempts < 1) {
            throw new IllegalArgumentException(
                    "the number of attempts is " + newAttempts + ", but it must be at least 1");
        }
        attempts = newAttempts;
        return this;
    }
}
