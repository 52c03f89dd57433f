/** Modules of Commerce that decide what is exported, as `config.php` names them. */
export const MODULES = {
  /** Inventory (MSI). */
  inventory: 'Magento_InventoryIndexer',
  pageBuilder: 'Magento_PageBuilder',
} as const;
