package points.kit;

/** The errors that every service can answer with, whatever it does. */
public enum CommonError implements ErrorCode {
  INVALID_REQUEST(400, "The request is not valid", false),
  UNAUTHENTICATED(401, "Credentials are missing or wrong", false),
  OPERATION_NOT_ALLOWED(403, "This caller may not do this", false),
  NOT_FOUND(404, "There is nothing here", false),
  METHOD_NOT_ALLOWED(405, "This path has other methods", false),
  TOO_LARGE(413, "The request is too large", false),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is of a media type that this call does not take", false),
  RATE_LIMITED(429, "Too many requests from this caller", true),
  INTERNAL(500, "Something went wrong in the service", false),
  OVERLOADED(503, "The service has more work than it can do now", true),
  UNAVAILABLE(503, "The service cannot do this now", true);

  private final String code = name().toLowerCase(java.util.Locale.ROOT);
  private final int status;
  private final String title;
  private final boolean retryable;

  CommonError(int status, String title, boolean retryable) {
    this.status = status;
    this.title = title;
    this.retryable = retryable;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
