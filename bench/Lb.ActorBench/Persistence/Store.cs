using Akka.Actor.Setup;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Lb.Persistence;

namespace Lb.ActorBench.Persistence;

/// <summary>A system whose actors persist in a database.</summary>
internal static class Store
{
    public static BenchSystem Open(string provider, string connectionString)
    {
        var contracts = new JsonContracts().Add("weight-changed", 1, RecordsJson.Default.WeightChanged);
        var store = $"connection-string = \"{connectionString}\", provider-name = {provider}";
        return new BenchSystem(
            $$"""
              akka.persistence.journal {
                plugin = "akka.persistence.journal.sql"
                sql { class = "{{typeof(SqlWriteJournal).AssemblyQualifiedName}}", {{store}} }
              }
              akka.persistence.snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql { class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}", {{store}} }
              }
              """,
            bootstrap => ActorSystemSetup.Create(bootstrap, JsonContractSerializer.Setup(contracts)));
    }
}
