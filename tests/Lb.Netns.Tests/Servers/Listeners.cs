using Lb.Testing;

namespace Lb.Netns.Tests.Servers;

/// <summary>Waits for servers.</summary>
internal static class Listeners
{
    /// <summary>Waits until a server of a namespace listens on a port.</summary>
    public static void WaitForListener(this TestNamespace host, int port) => Wait.Until(
        () => host.Run("ss", "-ltnH", $"sport = :{port}").Length > 0, $"a server of {host.Name} listens on port {port}");
}
