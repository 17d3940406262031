namespace Lb.Host.Doctor.Checks;

/// <summary>libbpf is installed.</summary>
internal sealed class LibraryCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Bpf.Library is null)
        {
            yield return Finding.Error(
                "libbpf",
                "libbpf.so.1",
                "The library libbpf.so.1 was not found.",
                "It loads the XDP program; lbd does not start without it.",
                "apt-get install libbpf1");
        }
    }
}
