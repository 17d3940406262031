using Lb.Host.Configuration;
using Lb.Host.Doctor;
using Lb.Host.Tests.Access;
using Lb.Kernel.Host;
using Lb.Testing;

namespace Lb.Host.Tests.Doctor;

/// <summary>Faults of real files: what lbd shows to other hosts, and its key.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lbd-");
    private readonly TestCertificate _certificate;

    public CertificateTests()
    {
        _certificate = new TestCertificate(_folder.FullName);
        _certificate.Issue("lb1", end: DateTimeOffset.UtcNow.AddDays(29));
        Change("600", _certificate.KeyFile);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Good_certificate_has_no_finding() => Assert.Empty(Examine());

    [Fact]
    public void File_that_is_not_there_is_named()
    {
        File.Delete(_certificate.CertificateFile);
        AssertError(_certificate.CertificateFile, "Could not find file");
    }

    [Fact]
    public void Key_of_another_certificate_is_an_error()
    {
        string other = File.ReadAllText(_certificate.KeyFile);
        _certificate.Issue("lb1", end: DateTimeOffset.UtcNow.AddDays(29));
        File.WriteAllText(_certificate.KeyFile, other);
        AssertError(_certificate.KeyFile, "match");
    }

    [Fact]
    public void Key_that_is_none_is_an_error()
    {
        File.WriteAllText(_certificate.KeyFile, "no key");
        AssertError(_certificate.KeyFile, "no certificate and its key");
    }

    [Fact]
    public void Certificate_that_has_ended_is_an_error()
    {
        _certificate.Issue("lb1", end: DateTimeOffset.UtcNow.AddHours(-1));
        AssertError(_certificate.CertificateFile, "has expired at");
    }

    [Fact]
    public void Certificate_that_ends_soon_is_a_warning()
    {
        _certificate.Issue("lb1", end: DateTimeOffset.UtcNow.AddDays(5).AddHours(1));
        Finding finding = Assert.Single(Examine());
        Assert.Equal(("certificate", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("in 5 days", finding.What);
    }

    [Fact]
    public void Key_that_everybody_may_read_is_hidden_from_them()
    {
        Change("o+x", _folder.FullName);
        Change("444", _certificate.KeyFile);
        Finding finding = Assert.Single(Examine());
        Assert.Equal(("certificate-key", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.StartsWith($"chmod o-rwx {_certificate.KeyFile}", finding.Mend);

        Assert.Null(HostRepair.Apply(Assert.Single(finding.Fixes)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, new FileInfo(_certificate.KeyFile).UnixFileMode);
        Assert.Empty(Examine());
    }

    [Fact]
    public void Key_in_a_folder_that_others_may_not_enter_is_secret()
    {
        Change("700", _folder.FullName);
        Change("444", _certificate.KeyFile);
        Assert.Empty(Examine());
    }

    private static void Change(string mode, string path) => Command.Run("chmod", mode, path);

    private void AssertError(string about, string words)
    {
        Finding finding = Assert.Single(Examine());
        Assert.Equal(("certificate", FindingSeverity.Error), (finding.Code, finding.Severity));
        Assert.Contains(about, finding.What);
        Assert.Contains(words, finding.What);
    }

    /// <summary>What the doctor finds on this host, of the files alone.</summary>
    private Finding[] Examine()
    {
        LoadResult read = ConfigLoader.LoadText(
            $$"""
            {{HealthyHost.Site}}
            lb.admin.remote { host = 127.0.0.1, certificate = "{{_certificate.CertificateFile}}", key = "{{_certificate.KeyFile}}" }
            """,
            "shop.conf");
        return
        [
            .. HostDoctor.Examine(read.Config!.Site, read.Config.Node).Findings
                .Where(finding => finding.Code.StartsWith("certificate", StringComparison.Ordinal)),
        ];
    }
}
