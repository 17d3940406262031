using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Probes over real sockets.</summary>
public sealed class SocketProber : IProber
{
    // Far more than a status line; a server that sends more without one speaks something else.
    private const int StatusLineLimit = 1024;

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(IPEndPoint target, HealthCheck check, CancellationToken cancellation)
    {
        if (check is HealthCheck.None)
        {
            return new ProbeResult(true, "not checked");
        }

        using Socket socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // Closing resets the connection: no TIME_WAIT is left behind on the node with each probe.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(target, cancellation);
            if (!ProxyHeaders.Local(check.Header).IsEmpty)
            {
                await socket.SendAsync(ProxyHeaders.Local(check.Header), cancellation);
            }

            return check is HealthCheck.HttpGet get
                ? await GetAsync(socket, target, get, cancellation)
                : new ProbeResult(true, "connected");
        }
        catch (SocketException reason)
        {
            return new ProbeResult(false, reason.SocketErrorCode == SocketError.ConnectionRefused
                ? "connection refused"
                : reason.Message);
        }
    }

    private static async Task<ProbeResult> GetAsync(
        Socket socket, IPEndPoint target, HealthCheck.HttpGet get, CancellationToken cancellation)
    {
        string request = string.Create(
            CultureInfo.InvariantCulture,
            $"GET {get.Path} HTTP/1.1\r\nHost: {get.Host ?? target.ToString()}\r\nUser-Agent: lb-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellation);
        byte[] buffer = new byte[StatusLineLimit];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                return new ProbeResult(false, "closed before a status line");
            }

            int end = buffer.AsSpan(0, length + read).IndexOf((byte)'\n');
            length += read;
            if (end >= 0)
            {
                return Judge(Encoding.ASCII.GetString(buffer, 0, end).TrimEnd('\r'), get);
            }
        }

        return new ProbeResult(false, "no HTTP status line");
    }

    private static ProbeResult Judge(string line, HealthCheck.HttpGet get)
    {
        string[] parts = line.Split(' ', 3);
        bool http = parts.Length >= 2 && parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal);
        if (!http || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            return new ProbeResult(false, "no HTTP status line");
        }

        return new ProbeResult(get.Statuses.Contains(status), $"status {status}");
    }
}
