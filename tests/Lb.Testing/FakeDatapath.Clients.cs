using Lb.Kernel;

namespace Lb.Testing;

/// <summary>Clients that keep their backend.</summary>
public sealed partial class FakeDatapath
{
    private readonly List<KeptClient> _clients = [];

    /// <summary>Has clients keep their backend.</summary>
    public void Keep(params IEnumerable<KeptClient> clients)
    {
        lock (_lock)
        {
            _clients.AddRange(clients);
        }
    }

    public IReadOnlyList<KeptClient> ReadClients() => Read(nameof(ReadClients), () => _clients.ToList());

    public int DeleteClients(IReadOnlyCollection<KeptClient> clients)
    {
        int deleted = 0;
        Write(nameof(DeleteClients), () => deleted = clients.Count(_clients.Remove));
        return deleted;
    }
}
