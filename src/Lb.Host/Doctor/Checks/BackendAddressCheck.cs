using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>No backend is this host itself.</summary>
internal sealed class BackendAddressCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        foreach (BackendFacts backend in host.Facts.Backends.Where(backend => backend.Local))
        {
            yield return Finding.Error(
                "backend-local",
                $"{backend.Address}",
                $"Backend {host.NameOf(backend)} has an address of this host.",
                "XDP sends packets out to other hosts; for this one they are dropped (dropNoNextHop).",
                "run the server on another host or in a network namespace with an address of its own");
        }
    }
}
