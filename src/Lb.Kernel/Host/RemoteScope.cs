using System.Net;

namespace Lb.Kernel.Host;

/// <summary>Where a site's HTTP API lets in who is elsewhere.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Certificate">PEM file of the certificate.</param>
/// <param name="Key">PEM file of its key.</param>
public sealed record RemoteScope(IPEndPoint Endpoint, string Certificate, string Key);

/// <summary>A certificate of the host.</summary>
/// <param name="Certificate">PEM file of the certificate.</param>
/// <param name="Key">PEM file of its key.</param>
public sealed record CertificateScope(string Certificate, string Key);
