using System.Net.Sockets;

namespace Lb.Kernel.Host.Reading;

/// <summary>Keeps what cannot be read from hiding what can.</summary>
internal sealed class Guard
{
    private readonly List<string> _unread = [];

    /// <summary>What could not be read, and why; each once.</summary>
    public IReadOnlyList<string> Unread => _unread;

    /// <summary>Reads something; what is given instead when the host refuses.</summary>
    public T Read<T>(string what, T otherwise, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException or SocketException)
        {
            Add($"{what}: {e.Message}");
            return otherwise;
        }
    }

    /// <summary>Notes what could not be read.</summary>
    public void Add(string what)
    {
        if (!_unread.Contains(what))
        {
            _unread.Add(what);
        }
    }
}
