using System.Reflection;

namespace Lb.Host.Running;

internal static class BuildVersion
{
    /// <summary>The version that <c>lbd --version</c> prints.</summary>
    public static string Text { get; } =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
