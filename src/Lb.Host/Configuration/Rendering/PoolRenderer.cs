using System.Globalization;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>Writes how a service uses its pool as the keys that it is read from.</summary>
internal static class PoolRenderer
{
    public static string Render(PoolPolicy policy) => string.Create(
        CultureInfo.InvariantCulture, $"panic-threshold = {policy.PanicThreshold}");

    /// <summary>Keys of a backend, behind the others; nothing for what is the default.</summary>
    public static string Render(BackendConfig backend) => backend.Backup ? ", backup = true" : "";
}
