package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source without its library, in a class loader that has all but the library. */
class OptionalLibraryTest {

    private static URL[] classPathWithout(String library) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!new File(entry).getName().startsWith(library)) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "CsvDataset, read, plain.csv, fastcsv, de.siegmar:fastcsv, de.siegmar.fastcsv",
        "CsvDataset, stream, plain.csv, fastcsv, de.siegmar:fastcsv, de.siegmar.fastcsv",
        "ParquetDataset, read, snappy.parquet, duckdb_jdbc, org.duckdb:duckdb_jdbc, duckdb.jdbc",
        "ParquetDataset, stream, snappy.parquet, duckdb_jdbc, org.duckdb:duckdb_jdbc, duckdb.jdbc"
    })
    void theErrorNamesTheDependency(
            String source, String method, String file, String library, String artifact, String module)
            throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(classPathWithout(library), ClassLoader.getPlatformClassLoader())) {
            Class<?> mapper = loader.loadClass(RowMapper.class.getName());
            Method read = loader.loadClass("org.jtorch.data.sources." + source).getMethod(method, Path.class, mapper);
            Object identity = java.lang.reflect.Proxy.newProxyInstance(
                    loader, new Class<?>[] {mapper}, (proxy, called, arguments) -> arguments[0]);
            Throwable failure = assertThrows(
                            InvocationTargetException.class, () -> read.invoke(null, Recorded.file(file), identity))
                    .getCause();
            assertInstanceOf(IllegalStateException.class, failure);
            assertEquals(
                    source + " needs a library that is missing: add the dependency " + artifact
                            + "; a program with a module-info also needs `requires " + module + ";`",
                    failure.getMessage());
        }
    }
}
