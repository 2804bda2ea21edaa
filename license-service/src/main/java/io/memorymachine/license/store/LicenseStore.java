package io.memorymachine.license.store;

import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** The installed licence, and what was told of it. */
@ApplicationScoped
public class LicenseStore {
    private static final String TELL = """
            insert into license_notice (license_id, notice, told_at) values (:license, :notice, :now)
            on conflict do nothing""";

    /** The place of the licence, never null. */
    public Uni<InstalledLicense> find(Mutiny.Session session) {
        return session.find(InstalledLicense.class, InstalledLicense.SLOT);
    }

    /** The same, locked to the end of the transaction: changes of the licence and grants exclude each other. */
    public Uni<InstalledLicense> lock(Mutiny.Session session) {
        return session.find(InstalledLicense.class, InstalledLicense.SLOT, LockModeType.PESSIMISTIC_WRITE);
    }

    /**
     * Remembers that something is being told of a licence.
     *
     * @return whether it is told for the first time; of several instances exactly one gets true, if it commits
     */
    public Uni<Boolean> firstTime(Mutiny.Session session, String licenseId, String notice, Instant now) {
        return session.createNativeQuery(TELL)
                .setParameter("license", licenseId)
                .setParameter("notice", notice)
                .setParameter("now", now)
                .executeUpdate()
                .map(rows -> rows == 1);
    }
}
