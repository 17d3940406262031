using System.Net.Sockets;
using Lb.Actors;

namespace Lb.Host.Access;

/// <summary>A socket that the API listens on. Every request knows the one it came by.</summary>
/// <param name="Socket">It listens already.</param>
/// <param name="Role">What is allowed without a token.</param>
/// <param name="Certificate">The certificate that it shows; null for no TLS.</param>
internal sealed record ApiListener(Socket Socket, AccessRole Role, ServerCertificate? Certificate = null);
