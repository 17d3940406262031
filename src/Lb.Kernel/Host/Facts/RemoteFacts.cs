namespace Lb.Kernel.Host;

/// <summary>Where the HTTP API lets in who is elsewhere.</summary>
/// <param name="Listener">Its address.</param>
/// <param name="Certificate">What it shows to them.</param>
public sealed record RemoteFacts(ListenerFacts Listener, CertificateFacts Certificate);

/// <summary>A certificate and its key, in files.</summary>
/// <param name="Problem">Why they cannot be used; null when they can.</param>
/// <param name="From">From when it holds; null when it cannot be read.</param>
/// <param name="Until">Until when it holds; null when it cannot be read.</param>
/// <param name="ReadAt">The host's clock when it was read.</param>
/// <param name="KeyIsOpen">Whether every user may read the key; null when that is not known.</param>
public sealed record CertificateFacts(
    string? Problem, DateTimeOffset? From, DateTimeOffset? Until, DateTimeOffset ReadAt, bool? KeyIsOpen);
