#!/bin/sh
# Run once, when the volume of the database is new. COMMERCE_TABLE_PREFIX has to be set by then.
set -e

mariadb --user=root <<SQL
CREATE DATABASE commerce CHARACTER SET utf8mb4;
CREATE DATABASE saas_export CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE saas_ingestion CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The exporter reads the shop, makes triggers there, and writes only its own tables.
CREATE USER exporter IDENTIFIED BY 'exporter';
GRANT SELECT, TRIGGER ON commerce.* TO exporter;
GRANT CREATE, DROP, INSERT, DELETE ON commerce.\`${COMMERCE_TABLE_PREFIX}saas_export_changelog\` TO exporter;
GRANT ALL ON saas_export.* TO exporter;

CREATE USER ingestion IDENTIFIED BY 'ingestion';
GRANT ALL ON saas_ingestion.* TO ingestion;
SQL
