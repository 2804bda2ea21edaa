package io.memorymachine.license.store;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The place for the installed licence; there is exactly one, and it may be empty. */
@Entity
@Table(name = "installed_license")
public class InstalledLicense {
    static final short SLOT = 1;

    @Id
    private short slot;

    @Column(name = "license_id")
    private String licenseId;

    @Column
    private byte[] document;

    @Column
    private String source;

    @Column(name = "installed_at")
    private Instant installedAt;

    /** For Hibernate. */
    protected InstalledLicense() {}

    /** Whether no licence is installed. */
    public boolean isEmpty() {
        return document == null;
    }

    /** The licence's id, or null where there is none. */
    public String licenseId() {
        return licenseId;
    }

    /** The licence file as it was given, or null; not to be changed. */
    public byte[] document() {
        return document;
    }

    /** How it came: {@code http} or {@code file}; or null. */
    public String source() {
        return source;
    }

    /** When it came, or null. */
    public Instant installedAt() {
        return installedAt;
    }

    /** Puts another licence in its place. */
    public void replace(String newLicenseId, byte[] newDocument, String newSource, Instant now) {
        licenseId = newLicenseId;
        document = newDocument.clone();
        source = newSource;
        installedAt = now;
    }
}
