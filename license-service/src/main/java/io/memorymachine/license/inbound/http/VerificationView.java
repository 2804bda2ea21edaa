package io.memorymachine.license.inbound.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.failure.Failure;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.LicenseCheck;

/** What came of verifying a file. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "Whether a file is a licence that would hold here and now")
record VerificationView(
        boolean valid,

        @Schema(description = "The terms; absent where no trusted signature vouches for them")
        License license,

        @Schema(description = "The defect; absent where there is none")
        Failure failure) {
    static VerificationView of(LicenseCheck check) {
        return new VerificationView(check.holds(), check.license(), check.failure());
    }
}
