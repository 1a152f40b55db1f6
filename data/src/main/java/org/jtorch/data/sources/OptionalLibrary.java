package org.jtorch.data.sources;

/** A library that a source needs and jtorch does not bring. */
enum OptionalLibrary {
    FASTCSV("CsvDataset", "de.siegmar:fastcsv", "de.siegmar.fastcsv", "de.siegmar.fastcsv.reader.CsvReader"),
    DUCKDB("ParquetDataset", "org.duckdb:duckdb_jdbc", "duckdb.jdbc", "org.duckdb.DuckDBDriver");

    private final String user;
    private final String artifact;
    private final String module;
    private final String className;

    OptionalLibrary(String user, String artifact, String module, String className) {
        this.user = user;
        this.artifact = artifact;
        this.module = module;
        this.className = className;
    }

    /**
     * Returns the library's main class. Code that names the library's classes stands in a class of its own, which is used
     * only after this call.
     *
     * @throws IllegalStateException if the library is not there, with the dependency to add
     */
    Class<?> require() {
        try {
            return Class.forName(className, false, OptionalLibrary.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    user + " needs a library that is missing: add the dependency " + artifact
                            + "; a program with a module-info also needs `requires " + module + ";`",
                    e);
        }
    }
}
