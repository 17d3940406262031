using System.Globalization;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Writes what QUIC connection IDs say as the keys that it is read from.</summary>
internal static class QuicText
{
    public static string Render(QuicRouting? quic) => string.Create(
        CultureInfo.InvariantCulture,
        $"server-id-length = {(quic is { } routing ? $"{routing.ServerIdLength}" : "off")}, config-id = {quic?.ConfigId ?? 0}");

    /// <summary>The key of a backend, behind the others; nothing when it has none.</summary>
    public static string Render(BackendConfig backend) => backend.ServerId is { } id ? $", server-id = \"{id}\"" : "";
}
