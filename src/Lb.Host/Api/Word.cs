using System.Text.Json;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>Names of values as the API writes them.</summary>
internal static class Word
{
    /// <summary>An enum's value in camel case: <c>dropNoBackend</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>A forwarding mode as the configuration writes it.</summary>
    public static string OfMode(ForwardingMode mode) => mode == ForwardingMode.DsrIpip ? "dsr-ipip" : Of(mode);

    /// <summary>What intercepts a relay's packets, as the configuration writes it.</summary>
    public static string OfInterception(InterceptBy by) => by == InterceptBy.SkLookup ? "sk_lookup" : Of(by);
}
