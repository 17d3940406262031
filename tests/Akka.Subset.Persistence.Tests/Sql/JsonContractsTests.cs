using System.Text.Json;
using System.Text.Json.Serialization;
using Lb.Persistence;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>The contracts of stored records.</summary>
public sealed partial class JsonContractsTests
{
    [Fact]
    public void A_manifest_belongs_to_one_record()
    {
        var contracts = new JsonContracts().Add("paid", 1, RecordsJson.Default.Paid);

        var refused = Assert.Throws<ArgumentException>(() => contracts.Add("paid", 1, RecordsJson.Default.Total));

        Assert.Contains("[paid:1] is taken", refused.Message);
    }

    [Fact]
    public void A_record_is_written_in_one_way()
    {
        var contracts = new JsonContracts().Add("paid", 1, RecordsJson.Default.Paid);

        Assert.Throws<ArgumentException>(() => contracts.Add("paid", 2, RecordsJson.Default.Paid));
    }

    [Fact]
    public void A_context_that_takes_damaged_content_for_a_record_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new JsonContracts().Add("paid", 1, LaxJson.Default.Paid));

        Assert.Contains("is not strict", refused.Message);
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Paid))]
    private sealed partial class LaxJson : JsonSerializerContext;
}
