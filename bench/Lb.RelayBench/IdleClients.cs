using System.Net.Sockets;

namespace Lb.RelayBench;

/// <summary>The process that holds connections open and sends nothing.</summary>
internal static class IdleClients
{
    /// <summary>First argument of the process.</summary>
    public const string Role = "hold";

    /// <summary>Connects, says so, and waits to be killed.</summary>
    public static void Run(int port, int count)
    {
        Socket[] sockets = [.. Enumerable.Range(0, count).Select(_ => Open(port))];
        Console.Out.WriteLine("open");
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(sockets);
    }

    private static Socket Open(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(Bed.ProxyAddress, port);
        return socket;
    }
}
